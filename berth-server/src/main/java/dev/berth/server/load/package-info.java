/// A load of pushes and pulls on a registry, and the report about it. Nothing of it is loaded by
/// the server.
///
/// A [LoadRun] follows a [LoadPlan]: a first look, then a [Crew] of [LoadUser]s who do [ImagePush]
/// and [ImagePull] until the time is over ([LoadCourse]), then [Verification] and [Cleanup]. Each
/// user has a [Connection], which logs in, and notes what it did in its own [Measurements]; all of
/// them become the [LoadReport].
@NullMarked
package dev.berth.server.load;

import org.jspecify.annotations.NullMarked;
