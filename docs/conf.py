# Sphinx makes HTML of what docs/build has written. Its search works from the disk, without a server.
project = "tti-lw-stack"
extensions = ["myst_parser"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "tti-lw-stack"
html_static_path = ["static"]
html_css_files = ["guide.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_show_sphinx = False
html_last_updated_fmt = None
# --dry-run is two hyphens.
smartquotes = False
highlight_language = "none"
pygments_style = "default"
pygments_dark_style = "native"
