"""Report: what a file holds of its projects, as one page for people: HTML that needs nothing beside itself, or Markdown for a pull request."""
