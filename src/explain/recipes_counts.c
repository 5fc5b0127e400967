/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures of counts, in one group and two. */
#include "explain/recipe.h"

#include <stddef.h>

#define CELLS      MTP_RECIPE_CELLS
#define ODDS_V     "1 / a + 1 / b + 1 / c + 1 / d"
#define LN_ODDS    "ln(a * d / (b * c))"
#define PROPORTION "x; n", "p_a = sum(x_i) / sum(n_i)"
#define RISKS                                                                          \
    "a; a + b; c; c + d",                                                              \
        "p_1a = sum(a_i) / sum(a_i + b_i); p_2a = sum(c_i) / sum(c_i + d_i)"
#define RD_Y    CELLS "y = a / (a + b) - c / (c + d); "
#define OR2D(V) CELLS "y = sqrt(3) / pi * " LN_ODDS "; v = 3 / pi^2 * (" V ")"
#define PAIRS   "n = a + b + c + d; "

/* r of a table, and how it changes with each cell (the delta method). */
#define PHI                                                                            \
    CELLS "D = sqrt((a + b) * (c + d) * (a + c) * (b + d)); r = (a * d - b * c) / D; " \
          "w_a = d / D - r * (1 / (a + b) + 1 / (a + c)) / 2; "                        \
          "w_b = -c / D - r * (1 / (a + b) + 1 / (b + d)) / 2; "                       \
          "w_c = -b / D - r * (1 / (c + d) + 1 / (a + c)) / 2; "                       \
          "w_d = a / D - r * (1 / (c + d) + 1 / (b + d)) / 2; "
#define PHI_CS "a * w_a^2 + b * w_b^2 + c * w_c^2 + d * w_d^2"
#define PHI_ST "a * b / (a + b) * (w_a - w_b)^2 + c * d / (c + d) * (w_c - w_d)^2"
#define FISHER "y = atanh(r); v = v_r / (1 - r^2)^2"

/* The bivariate normal distribution that gives the table: Hamdan (1970),
 * doi:10.1093/biomet/57.1.212; g is its density at (z_1, z_2). */
#define TETRACHORIC                                                                    \
    "L = a / N; R = Phi2(z_1, z_2, r); s = sqrt(1 - r^2); "                            \
    "P_1 = Phi((z_2 - r * z_1) / s); P_2 = Phi((z_1 - r * z_2) / s); "                 \
    "q = (2 * r * z_1 * z_2 - z_1^2 - z_2^2) / (2 * s^2); "                            \
    "g = exp(q) / (2 * pi * s); "
#define TETRACHORIC_V                                                                  \
    "(a * b * (1 - P_2)^2 + a * c * (1 - P_1)^2 + a * d * (1 - P_1 - P_2)^2 + "        \
    "b * c * (P_1 - P_2)^2 + b * d * P_1^2 + c * d * P_2^2) / (N^3 * g^2)"
#define THRESHOLDS                                                                     \
    CELLS                                                                              \
    "N = a + b + c + d; z_1 = z((a + b) / N); z_2 = z((a + c) / N); y = ?; "

const mtp_recipe mtp_recipes_of_counts[] = {
    {.measure = MTP_PR, .lines = "y = x / n; v = y * (1 - y) / n"},
    {MTP_PR, MTP_VTYPE_UB, "y = x / n; v = y * (1 - y) / (n - 1)", NULL, NULL},
    {MTP_PR, MTP_VTYPE_AV, "y = x / n; v = p_a * (1 - p_a) / n", PROPORTION},
    {.measure = MTP_PLN, .lines = "y = ln(x / n); v = 1 / x - 1 / n"},
    {MTP_PLN, MTP_VTYPE_AV, "y = ln(x / n); v = (1 - p_a) / (p_a * n)", PROPORTION},
    {.measure = MTP_PLO, .lines = "y = ln(x / (n - x)); v = 1 / x + 1 / (n - x)"},
    {MTP_PLO, MTP_VTYPE_AV, "y = ln(x / (n - x)); v = 1 / (p_a * (1 - p_a) * n)",
     PROPORTION},
    {.measure = MTP_PRZ,
     .lines = "p = x / n; y = z(p); v = 2 * pi * p * (1 - p) * exp(y^2) / n"},
    {.measure = MTP_PAS, .lines = "y = asin(sqrt(x / n)); v = 1 / (4 * n)"},
    {.measure = MTP_PFT,
     .lines = "y = (asin(sqrt(x / (n + 1))) + asin(sqrt((x + 1) / (n + 1)))) / 2; "
              "v = 1 / (4 * n + 2)"},
    {.measure = MTP_IR, .lines = "y = x / t; v = x / t^2"},
    {.measure = MTP_IRLN, .lines = "y = ln(x / t); v = 1 / x"},
    {.measure = MTP_IRS, .lines = "y = sqrt(x / t); v = 1 / (4 * t)"},
    {.measure = MTP_IRFT,
     .lines = "y = (sqrt(x / t) + sqrt((x + 1) / t)) / 2; v = 1 / (4 * t)"},
    {.measure = MTP_OR, .lines = CELLS "y = " LN_ODDS "; v = " ODDS_V},
    {.measure = MTP_RR,
     .lines = CELLS "y = ln(a / (a + b) / (c / (c + d))); "
                    "v = 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)"},
    {MTP_RR, MTP_VTYPE_AV,
     CELLS "y = ln(a / (a + b) / (c / (c + d))); "
           "v = (1 - p_1a) / (p_1a * (a + b)) + (1 - p_2a) / (p_2a * (c + d))",
     RISKS},
    {.measure = MTP_RD, .lines = RD_Y "v = a * b / (a + b)^3 + c * d / (c + d)^3"},
    {MTP_RD, MTP_VTYPE_UB,
     RD_Y "v = a * b / ((a + b)^2 * (a + b - 1)) + c * d / ((c + d)^2 * (c + d - 1))",
     NULL, NULL},
    {MTP_RD, MTP_VTYPE_AV,
     RD_Y "v = p_1a * (1 - p_1a) / (a + b) + p_2a * (1 - p_2a) / (c + d)", RISKS},
    {.measure = MTP_AS,
     .lines = CELLS "y = asin(sqrt(a / (a + b))) - asin(sqrt(c / (c + d))); "
                    "v = 1 / (4 * (a + b)) + 1 / (4 * (c + d))"},
    {.measure = MTP_PETO,
     .lines = CELLS "N = a + b + c + d; E = (a + b) * (a + c) / N; "
                    "V = (a + b) * (c + d) * (a + c) * (b + d) / (N^2 * (N - 1)); "
                    "y = (a - E) / V; v = 1 / V"},
    {.measure = MTP_PHI, .lines = PHI "y = r; v = " PHI_CS},
    {MTP_PHI, MTP_VTYPE_ST, PHI "y = r; v = " PHI_ST, NULL, NULL},
    {.measure = MTP_ZPHI, .lines = PHI "v_r = " PHI_CS "; " FISHER},
    {MTP_ZPHI, MTP_VTYPE_ST, PHI "v_r = " PHI_ST "; " FISHER, NULL, NULL},
    {.measure = MTP_YUQ,
     .lines = CELLS "y = (a * d - b * c) / (a * d + b * c); "
                    "v = (1 - y^2)^2 / 4 * (" ODDS_V ")"},
    {.measure = MTP_YUY,
     .lines = CELLS "y = (sqrt(a * d) - sqrt(b * c)) / (sqrt(a * d) + sqrt(b * c)); "
                    "v = (1 - y^2)^2 / 16 * (" ODDS_V ")"},
    {.measure = MTP_RTET,
     .lines = THRESHOLDS "r = y; " TETRACHORIC "v = " TETRACHORIC_V},
    {.measure = MTP_ZTET,
     .lines = THRESHOLDS "r = tanh(y); " TETRACHORIC "v_r = " TETRACHORIC_V
                         "; v = v_r / s^4"},
    {.measure = MTP_PBIT,
     .lines = CELLS
     "p1 = a / (a + b); p2 = c / (c + d); z1 = z(p1); z2 = z(p2); y = z1 - z2; "
     "v = 2 * pi * p1 * (1 - p1) * exp(z1^2) / (a + b) + "
     "2 * pi * p2 * (1 - p2) * exp(z2^2) / (c + d)"},
    {.measure = MTP_OR2D, .lines = OR2D(ODDS_V)},
    {.measure = MTP_OR2DL, .lines = OR2D(ODDS_V)},
    {.measure = MTP_OR2DN,
     .lines = CELLS "y = " LN_ODDS " / 1.65; v = (" ODDS_V ") / 1.65^2"},
    {.measure = MTP_MPRD,
     .lines = PAIRS "y = (b - c) / n; v = ((b + c) / n - ((b - c) / n)^2) / n"},
    {.measure = MTP_MPRR,
     .lines = "y = ln((a + b) / (a + c)); v = (b + c) / ((a + b) * (a + c))"},
    {.measure = MTP_MPOR,
     .lines = PAIRS "p1 = (a + b) / n; p2 = (a + c) / n; "
                    "y = ln((a + b) * (b + d) / ((a + c) * (c + d))); "
                    "v = (1 / (p1 * (1 - p1)) + 1 / (p2 * (1 - p2)) - "
                    "2 * (a * d - b * c) / (n^2 * p1 * (1 - p1) * p2 * (1 - p2))) / n"},
    {.measure = MTP_MPORC, .lines = "y = ln(b / c); v = 1 / b + 1 / c"},
    {.measure = MTP_MPPETO, .lines = "y = 2 * (b - c) / (b + c); v = 4 / (b + c)"},
    {.measure = MTP_MPORM,
     .lines = CELLS "y = " LN_ODDS "; s_1 = sqrt(1 / a + 1 / b); "
                    "s_2 = sqrt(1 / c + 1 / d); "
                    "v = s_1^2 + s_2^2 - 2 * r * s_1 * s_2"},
    {.measure = MTP_IRR, .lines = "y = ln(x1 / t1 / (x2 / t2)); v = 1 / x1 + 1 / x2"},
    {.measure = MTP_IRD, .lines = "y = x1 / t1 - x2 / t2; v = x1 / t1^2 + x2 / t2^2"},
    {.measure = MTP_IRSD,
     .lines = "y = sqrt(x1 / t1) - sqrt(x2 / t2); v = 1 / (4 * t1) + 1 / (4 * t2)"},
    {.measure = MTP_OE, .lines = "y = OE / V; v = 1 / V"},
    {.lines = NULL},
};
