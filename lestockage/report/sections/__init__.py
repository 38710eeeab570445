"""Sections: what a report says about one thing each, as the shapes of `report.document`."""
