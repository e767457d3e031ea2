"""Turns Python requirements and source code into a .pex file."""
