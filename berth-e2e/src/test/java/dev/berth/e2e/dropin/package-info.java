/// Keys, variables and volumes of existing installations of registry 2.8.2, taken over as they are;
/// where it can be asked, 2.8.2 itself says what is right.
@NullMarked
package dev.berth.e2e.dropin;

import org.jspecify.annotations.NullMarked;
