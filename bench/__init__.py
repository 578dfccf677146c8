"""How fast the portal is with the national load of one pulje: make bench. docs/performance.md says how to read it."""
