/// Tells others what happened: notifications to the endpoints of `notifications`, in the format of
/// registry 2.8.2. No endpoint can hold up a request or another endpoint.
@NullMarked
package dev.berth.server.events;

import org.jspecify.annotations.NullMarked;
