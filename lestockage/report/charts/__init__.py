"""Charts: pictures as specifications of Vega-Lite. Colours are the page's own custom properties, so that they follow its theme."""
