/// Tests of the doctor: each fault is planted, and found.
@NullMarked
package dev.berth.server.doctor;

import org.jspecify.annotations.NullMarked;
