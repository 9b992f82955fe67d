/// Says what is wrong with an installation: from inside by its configuration, from outside by its
/// URL, and by what Kubernetes says of it. Loaded by its command alone.
///
/// [Inside] and [Outside] run one [Check] after the other, each [Bounded] in time; a class named
/// `…Trial` is a part of a check that changes something, and takes it back. [Cluster] reads what
/// was given to it, and has a [RegistryWorkloadCheck] for each registry in it.
@NullMarked
package dev.berth.server.doctor;

import org.jspecify.annotations.NullMarked;
