"""Long runs that try to break tradeviz; docs/reliability.md has their figures."""
