"""The commands of Amanat: `ape run <command>`."""
