/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures of one group measured twice; correlations, regressions, reliability. */
#include "explain/recipe.h"

#include <stddef.h>

#define DIFF_S  "s_d = sqrt(s1^2 + s2^2 - 2 * r * s1 * s2); "
#define MEAN_S  "s_a = sqrt((s1^2 + s2^2) / 2); "
#define CV      "c1 = s1 / m1; c2 = s2 / m2; "
#define ROM_V   "(c1^2 + c2^2 - 2 * r * c1 * c2) / n"
#define BY(S)   "d = (m1 - m2) / " S "; [J = J(n - 1); ]y = [J * ]d; "
#define BY_MEAN MEAN_S "[J = J(2 * (n - 1) / (1 + r^2)); ]y = [J * ](m1 - m2) / s_a; "
#define UB      "f = n - 1; v = "
#define UB_D    " + (1 - (f - 2) / (f * J^2)) * y^2"

const mtp_recipe mtp_recipes_of_changes[] = {
    {.measure = MTP_MC, .lines = "y = m1 - m2; v = s_d^2 / n"},
    {.measure = MTP_SMCC, .lines = BY("s_d") "v = 1 / n + y^2 / (2 * n)"},
    {MTP_SMCC, MTP_VTYPE_LS2, BY("s_d") "v = [J^2 * ](1 / n + d^2 / (2 * n))", NULL,
     NULL},
    {MTP_SMCC, MTP_VTYPE_UB, BY("s_d") UB "1 / n" UB_D, NULL, NULL},
    {.measure = MTP_SMCR, .lines = BY("s1") "v = 2 * (1 - r) / n + y^2 / (2 * n)"},
    {MTP_SMCR, MTP_VTYPE_LS2, BY("s1") "v = [J^2 * ](2 * (1 - r) / n + d^2 / (2 * n))",
     NULL, NULL},
    {MTP_SMCR, MTP_VTYPE_UB,
     BY("s1") "F = hyp(1 / 2, 1 / 2, (n - 2) / 2, 1 - r^2); r_u = r * F; " UB
              "2 * (1 - r_u) / n" UB_D,
     NULL, NULL},
    {.measure = MTP_SMCRH,
     .lines = DIFF_S BY("s1") "v = s_d^2 / (s1^2 * (n - 1)) + y^2 / (2 * (n - 1))"},
    {.measure = MTP_SMCRP,
     .lines = BY_MEAN "v = 2 * (1 - r) / n + y^2 * (1 + r^2) / (4 * n)"},
    {.measure = MTP_SMCRPH,
     .lines = DIFF_S BY_MEAN
     "v = s_d^2 / (s_a^2 * (n - 1)) + "
     "y^2 * (s1^4 + s2^4 + 2 * r^2 * s1^2 * s2^2) / (8 * s_a^4 * (n - 1))"},
    {.measure = MTP_ROMC,
     .lines = CV "y = ln(m1 / m2)[ + (c1^2 - c2^2) / (2 * n)]; v = " ROM_V},
    {.measure = MTP_CVRC,
     .lines = CV "y = ln(c1 / c2)[ - (c1^2 - c2^2) / (2 * n)]; "
                 "v = (1 - r^2) / (n - 1) + " ROM_V},
    {.measure = MTP_VRC, .lines = "y = ln(s1 / s2); v = (1 - r^2) / (n - 1)"},
    {.lines = NULL},
};

#define EFFECTS "n; n * y", "y_a = sum(n_i * y_i) / sum(n_i)"
#define UCOR    "F = hyp(1 / 2, 1 / 2, (n - 2) / 2, 1 - r^2); y = r * F; "
#define SPCOR   "(R2^2 - 2 * R2 + S + 1 - S^2) / n"

const mtp_recipe mtp_recipes_of_correlations[] = {
    {.measure = MTP_COR, .lines = "y = r; v = (1 - r^2)^2 / (n - 1)"},
    {MTP_COR, MTP_VTYPE_AV, "y = r; v = (1 - y_a^2)^2 / (n - 1)", EFFECTS},
    {.measure = MTP_UCOR, .lines = UCOR "v = (1 - y^2)^2 / (n - 1)"},
    {MTP_UCOR, MTP_VTYPE_AV, UCOR "v = (1 - y_a^2)^2 / (n - 1)", EFFECTS},
    {MTP_UCOR, MTP_VTYPE_UB,
     UCOR "G = hyp(1, 1, n / 2, 1 - r^2); "
          "v = y^2 - 1 + (n - 3) / (n - 2) * (1 - r^2) * G",
     NULL, NULL},
    {.measure = MTP_ZCOR, .lines = "y = atanh(r); v = 1 / (n - 3)"},
    {.measure = MTP_PCOR, .lines = "y = r; v = (1 - r^2)^2 / (n - q - 1)"},
    {MTP_PCOR, MTP_VTYPE_AV, "y = r; v = (1 - y_a^2)^2 / (n - q - 1)", EFFECTS},
    {.measure = MTP_ZPCOR, .lines = "y = atanh(r); v = 1 / (n - q - 2)"},
    {.measure = MTP_SPCOR, .lines = "S = R2 - r^2; y = r; v = " SPCOR},
    {MTP_SPCOR, MTP_VTYPE_AV, "S = R2 - y_a^2; y = r; v = " SPCOR, EFFECTS},
    {.measure = MTP_ZSPCOR,
     .lines = "S = R2 - r^2; y = atanh(r); v = " SPCOR " / (1 - r^2)^2"},
    {.measure = MTP_R2, .lines = "y = R2; v = 4 * R2 * (1 - R2)^2 / n"},
    {MTP_R2, MTP_VTYPE_AV, "y = R2; v = 4 * y_a * (1 - y_a)^2 / n", EFFECTS},
    {MTP_R2, MTP_VTYPE_LS2,
     "y = R2; v = 4 * R2 * (1 - R2)^2 * (n - q - 1)^2 / ((n^2 - 1) * (n + 3))", NULL,
     NULL},
    {MTP_R2, MTP_VTYPE_AV2,
     "y = R2; v = 4 * y_a * (1 - y_a)^2 * (n - q - 1)^2 / ((n^2 - 1) * (n + 3))",
     EFFECTS},
    {.measure = MTP_ZR2, .lines = "y = atanh(sqrt(R2)); v = 1 / n"},
    {.measure = MTP_ARAW,
     .lines = "y = alpha; v = 2 * q * (1 - alpha)^2 / ((q - 1) * (n - 2))"},
    {.measure = MTP_AHW,
     .lines = "y = 1 - (1 - alpha)^(1 / 3); "
              "v = 18 * q * (n - 1) * (1 - alpha)^(2 / 3) / "
              "((q - 1) * (9 * n - 11)^2)"},
    {.measure = MTP_ABT,
     .lines = "y = -ln(1 - alpha); v = 2 * q / ((q - 1) * (n - 2))"},
    {.lines = NULL},
};
