/** Since this IR version an initializer that is also an input is a default; before, every weight was listed so. */
export const IR_WITH_DEFAULTS = 4
