"""The window. It assembles: rules live in `models`, papers in `reports`."""
