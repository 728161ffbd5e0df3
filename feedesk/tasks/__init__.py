"""Whole jobs that window and command line share: they bring store, rules and reports together."""
