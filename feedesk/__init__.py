"""FeeDesk: collect overdue property fees from one window and one file."""

__version__ = "0.3.0"
