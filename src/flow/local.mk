# src/flow
