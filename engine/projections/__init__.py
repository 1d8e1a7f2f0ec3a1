"""Pure folds: state and event in, state out."""
