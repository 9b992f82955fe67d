/// Says what is wrong with an installation: from inside by its configuration, from outside by its
/// URL, and by what Kubernetes says of it. Loaded by its command alone.
@NullMarked
package dev.berth.server.doctor;

import org.jspecify.annotations.NullMarked;
