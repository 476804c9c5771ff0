"""The workbench: all places of a search in view, sorted, narrowed, grouped and labelled."""
