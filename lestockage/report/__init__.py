"""Report: what a file holds of a project, for people: one page of HTML that needs nothing beside itself, or Markdown for a pull request."""
