"""Growth as a drawing (SVG): time and memory over amounts, all three by powers of ten.

By hand, since what libraries draw has its colours written into it: this one takes those of the page that it stands in, or the reader's."""

import math
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import SubElement

from points import by_command
from report import MEBI

WIDTH, HEIGHT = 860, 540
TOP, BOTTOM = 48, 360  # of both panels
LEGEND = 430
# Of middling lightness, so that each is seen on white and on black; a sign of its own besides, for who sees no colours.
COLOURS = ("#3b82d6", "#d9730d", "#2f9e60", "#c74a9b", "#8a6fe0", "#b08900", "#d64545", "#1f97a8", "#7f8c4a")
SIGNS = ("circle", "square", "diamond", "up", "down")
STYLE = """
.growth { color-scheme: light dark; --paper: var(--color-background-primary, Canvas); --ink: var(--color-foreground-primary, CanvasText); }
.growth .paper { fill: var(--paper); }
.growth text { fill: var(--ink); }
.growth .axis { stroke: var(--ink); stroke-opacity: 0.25; }
.growth .linear { stroke: var(--ink); stroke-opacity: 0.6; }
"""


@dataclass
class Panel:
    """A square of powers of ten, and where they lie on the paper."""
    name: str
    left: int
    right: int
    first_amount: float
    last_amount: float
    lowest: float
    highest: float
    label: object  # the text of a power

    def x(self, amount):
        return self.left + (self.right - self.left) * part(amount, self.first_amount, self.last_amount)

    def y(self, value):
        return BOTTOM - (BOTTOM - TOP) * part(value, self.lowest, self.highest)


def part(value, low, high):
    return math.log(value / low) / math.log(high / low)


def powers(low, high):
    """Those of ten from the one below to the one above, two at least."""
    first = math.floor(math.log10(low))
    last = max(first + 1, math.ceil(math.log10(high)))
    return [10.0 ** power for power in range(first, last + 1)]


def svg(points):
    root = ElementTree.Element("svg", {
        "xmlns": "http://www.w3.org/2000/svg", "class": "growth", "viewBox": f"0 0 {WIDTH} {HEIGHT}", "width": "100%", "role": "img",
        "aria-labelledby": "growth-title growth-description", "font-family": "sans-serif", "font-size": "13"})
    SubElement(root, "title", id="growth-title").text = "Time and memory of the bulk commands by how much they work on"
    SubElement(root, "desc", id="growth-description").text = description(points)
    SubElement(root, "style").text = STYLE
    SubElement(root, "rect", {"class": "paper", "fill": "#fff", "width": str(WIDTH), "height": str(HEIGHT)})
    commands = by_command(points)
    time = make_panel("time", (70, 390), points, lambda point: point.seconds, "{:g} s")
    memory = make_panel("memory at most", (500, 820), points, lambda point: point.peak_bytes / MEBI, "{:,g} MiB")
    for panel in (time, memory):
        draw_axes(root, panel)
    draw_linear(root, time)
    for number, (command, found) in enumerate(commands):
        draw_line(root, time, number, command, [(point.amount, point.seconds) for point in found])
        draw_line(root, memory, number, command, [(point.amount, point.peak_bytes / MEBI) for point in found])
        draw_legend(root, number, f"{command} ({found[0].of})")
    draw_legend(root, len(commands), "linear", linear=True)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def description(points):
    """The drawing in words, for who hears it."""
    return "; ".join(f"{command}: " + ", ".join(f"{point.amount:,} {point.of} in {point.seconds:.2f} s with {point.peak_bytes / MEBI:.1f} MiB"
                                               for point in found) for command, found in by_command(points)) + "."


def make_panel(name, sides, points, value, form):
    values, amounts = [value(point) for point in points], [point.amount for point in points]
    vertical, horizontal = powers(min(values), max(values)), powers(min(amounts), max(amounts))
    return Panel(name, *sides, horizontal[0], horizontal[-1], vertical[0], vertical[-1], form.format)


def draw_axes(root, panel):
    write(root, panel.left, TOP - 18, panel.name, "start", weight="bold")
    for value in powers(panel.lowest, panel.highest):
        draw_rule(root, (panel.left, panel.y(value)), (panel.right, panel.y(value)), "axis")
        write(root, panel.left - 8, panel.y(value), panel.label(value), "end")
    for amount in powers(panel.first_amount, panel.last_amount):
        draw_rule(root, (panel.x(amount), TOP), (panel.x(amount), BOTTOM), "axis")
        write(root, panel.x(amount), BOTTOM + 16, f"{amount:,.0f}", "middle")


def draw_linear(root, panel):
    """What takes ten times as long for ten times as much, from the corner on."""
    end = min(panel.last_amount, panel.first_amount * panel.highest / panel.lowest)
    rule = draw_rule(root, (panel.x(panel.first_amount), panel.y(panel.lowest)),
                     (panel.x(end), panel.y(panel.lowest * end / panel.first_amount)), "linear")
    rule.set("stroke-dasharray", "3 5")


def draw_rule(root, start, end, name):
    (x1, y1), (x2, y2) = start, end
    return SubElement(root, "line", {"class": name, "stroke": "#888", "x1": f"{x1:.1f}", "y1": f"{y1:.1f}", "x2": f"{x2:.1f}", "y2": f"{y2:.1f}"})


def draw_line(root, panel, number, command, values):
    places = [(panel.x(amount), panel.y(value)) for amount, value in values]
    group = SubElement(root, "g", {"class": "command", "data-panel": panel.name})
    SubElement(group, "title").text = command
    SubElement(group, "polyline", {"points": " ".join(f"{x:.1f},{y:.1f}" for x, y in places), "fill": "none",
                                   "stroke": colour(number), "stroke-width": "2"})
    for x, y in places:
        draw_sign(group, number, x, y)


def draw_legend(root, number, text, linear=False):
    """Three columns, filled downwards."""
    column, line = divmod(number, 4)
    x, y = 70 + 270 * column, LEGEND + 28 * line
    if linear:
        draw_rule(root, (x - 12, y), (x + 12, y), "linear").set("stroke-dasharray", "3 5")
    else:
        draw_sign(root, number, x, y)
    write(root, x + 18, y, text, "start")


def draw_sign(parent, number, x, y):
    sign, size = SIGNS[number % len(SIGNS)], 5
    if sign == "circle":
        SubElement(parent, "circle", {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": str(size), "fill": colour(number)})
        return
    corners = {"square": ((-1, -1), (1, -1), (1, 1), (-1, 1)), "diamond": ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
               "up": ((-1.2, 1), (1.2, 1), (0, -1.2)), "down": ((-1.2, -1), (1.2, -1), (0, 1.2))}[sign]
    SubElement(parent, "polygon", {"points": " ".join(f"{x + size * right:.1f},{y + size * down:.1f}" for right, down in corners),
                                   "fill": colour(number)})


def colour(number):
    return COLOURS[number % len(COLOURS)]


def write(root, x, y, text, anchor, weight="normal"):
    words = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor, "dominant-baseline": "central", "font-weight": weight, "fill": "#444"}
    SubElement(root, "text", words).text = text
