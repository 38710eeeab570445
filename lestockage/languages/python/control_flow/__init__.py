"""Flow: control flow, definitions and uses of one unit's own code, and the dependences that follow from them."""
