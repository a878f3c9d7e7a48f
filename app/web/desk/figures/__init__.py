"""The weekly figures, and staffing."""
