/// The examples on a real cluster: applied as a user applies them, looked at through the API,
/// pushed to and pulled from by real clients and by the cluster's own nodes.
@NullMarked
package dev.berth.e2e.cluster;

import org.jspecify.annotations.NullMarked;
