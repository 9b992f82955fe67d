package dev.berth.storage;

/// What a kind of store can and cannot do, for the contract suite and for choices above it.
///
/// @param name as in `config.yml`, for example `filesystem`
/// @param survivesRestart whether content is still there after the process ends
/// @param tellsVersions whether [FileInfo#version] is there for files not changed lately
public record DriverTraits(String name, boolean survivesRestart, boolean tellsVersions) {}
