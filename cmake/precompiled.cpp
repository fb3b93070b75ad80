// Makes the precompiled header of cmake/Precompiled.cmake.
