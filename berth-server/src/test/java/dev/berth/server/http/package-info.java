@NullMarked
package dev.berth.server.http;

import org.jspecify.annotations.NullMarked;
