"""Contexts, objects, rollouts and events as Kubernetes knows them: types and rules, without I/O."""
