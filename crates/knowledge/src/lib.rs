//! Countries, organisations, office holders and places: who, where and when.
