/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures of means and standard deviations of one group and two. */
#include "explain/recipe.h"

#include <stddef.h>

#define POOLED_S "s_p = sqrt(((n1 - 1) * s1^2 + (n2 - 1) * s2^2) / (n1 + n2 - 2)); "
#define MEAN_S   "s_a = sqrt((s1^2 + s2^2) / 2); "
#define CV       "c1 = s1 / abs(m1); c2 = s2 / abs(m2); "
#define SMD_D    POOLED_S MTP_RECIPE_D
#define SMD      SMD_D "[J = J(n1 + n2 - 2); ]y = [J * ]d; "
#define SMD1     "d = (m1 - m2) / s2; [J = J(n2 - 1); ]y = [J * ]d; "
#define EFFECTS                                                                        \
    "n1 + n2; (n1 + n2) * y", "y_a = sum((n1_i + n2_i) * y_i) / sum(n1_i + n2_i)"

/* Variances of a standardized difference with f degrees of freedom in J. */
#define LS2   "v = [J^2 * ](1 / n1 + 1 / n2 + d^2 / (2 * "
#define UB(F) "f = " F "; v = 1 / n1 + 1 / n2 + (1 - (f - 2) / (f * J^2)) * y^2"

#define ROM     CV "y = ln(m1 / m2)[ + (c1^2 / n1 - c2^2 / n2) / 2]; "
#define SD_V    "1 / (2 * (n1 - 1)) + 1 / (2 * (n2 - 1))"
#define SD_BIAS "[ + 1 / (2 * (n1 - 1)) - 1 / (2 * (n2 - 1))]"

/* Correlations of the group with the values, from d. */
#define POINT_BISERIAL                                                                 \
    SMD_D "h = (n1 + n2 - 2) * (1 / n1 + 1 / n2); r = d / sqrt(d^2 + h); "
#define D_V    "v_d = 1 / n1 + 1 / n2 + d^2 / (2 * (n1 + n2)); "
#define RPB_ST D_V "v_r = h^2 * v_d / (d^2 + h)^3; "
#define RPB_CS                                                                         \
    "p_1 = n1 / (n1 + n2); p_2 = n2 / (n1 + n2); "                                     \
    "v_r = (1 - r^2)^2 * (1 - 1.5 * r^2 + r^2 / (4 * p_1 * p_2)) / (n1 + n2); "
#define FISHER(R) "y = atanh(" R "); v = v_r / (1 - " R "^2)^2"
#define BISERIAL                                                                       \
    POINT_BISERIAL                                                                     \
    "p_1 = n1 / (n1 + n2); p_2 = n2 / (n1 + n2); z_2 = z(p_2); f = phi(z_2); "         \
    "b = r * sqrt(p_1 * p_2) / f; B = min(b^2, 1); "                                   \
    "v_r = (p_1 * p_2 / f^2 - (1.5 + (1 - p_1 * z_2 / f) * (1 + p_2 * z_2 / f)) * B "  \
    "+ B^2) / (n1 + n2 - 1); "
#define D2OR SMD_D D_V "y = d * pi / sqrt(3); v = v_d * pi^2 / 3"

#define AUC(K1, K2)                                                                    \
    "y = A; v = A * (1 - A) * (1 + " K1 " * (1 - A) / (2 - A) + " K2                   \
    " * A / (1 + A)) / (n1 * n2)"
#define AUC_LS  "k = (n1 + n2) / 2 - 1; " AUC("k", "k")
#define AUC_LS2 AUC("(n1 - 1)", "(n2 - 1)")
#define AUCN                                                                           \
    "S = sqrt(s1^2 + s2^2); d = (m1 - m2) / S; y = Phi(d); "                           \
    "v = phi(d)^2 * ((s1^2 / n1 + s2^2 / n2) / S^2 + "                                 \
    "d^2 * (s1^4 / (n1 - 1) + s2^4 / (n2 - 1)) / (2 * S^4))"
#define AUCN_HO                                                                        \
    POOLED_S "d = (m1 - m2) / (s_p * sqrt(2)); y = Phi(d); "                           \
             "v = phi(d)^2 * (1 / n1 + 1 / n2 + d^2 / (n1 + n2 - 2)) / 2"

const mtp_recipe mtp_recipes_of_means[] = {
    {.measure = MTP_MN, .lines = "y = m; v = s^2 / n"},
    {.measure = MTP_MNLN, .lines = "y = ln(m); v = s^2 / (n * m^2)"},
    {.measure = MTP_SMN,
     .lines = "[J = J(n - 1); ]y = [J * ]m / s; v = 1 / n + y^2 / (2 * n)"},
    {.measure = MTP_CVLN,
     .lines = "y = ln(s / m)[ + 1 / (2 * (n - 1))]; "
              "v = 1 / (2 * (n - 1)) + s^2 / (n * m^2)"},
    {.measure = MTP_SDLN,
     .lines = "y = ln(s)[ + 1 / (2 * (n - 1))]; v = 1 / (2 * (n - 1))"},
    {.measure = MTP_MD, .lines = "y = m1 - m2; v = s1^2 / n1 + s2^2 / n2"},
    {MTP_MD, MTP_VTYPE_HO, POOLED_S "y = m1 - m2; v = s_p^2 / n1 + s_p^2 / n2", NULL,
     NULL},
    {.measure = MTP_SMD, .lines = SMD "v = 1 / n1 + 1 / n2 + y^2 / (2 * (n1 + n2))"},
    {MTP_SMD, MTP_VTYPE_LS2, SMD LS2 "(n1 + n2)))", NULL, NULL},
    {MTP_SMD, MTP_VTYPE_UB, SMD UB("n1 + n2 - 2"), NULL, NULL},
    {MTP_SMD, MTP_VTYPE_AV, SMD "v = 1 / n1 + 1 / n2 + y_a^2 / (2 * (n1 + n2))",
     EFFECTS},
    {.measure = MTP_SMDH,
     .lines = MEAN_S "[J = J(n1 + n2 - 2); ]y = [J * ](m1 - m2) / s_a; "
                     "v = y^2 * (s1^4 / (n1 - 1) + s2^4 / (n2 - 1)) / (8 * s_a^4) + "
                     "(s1^2 / (n1 - 1) + s2^2 / (n2 - 1)) / s_a^2"},
    {.measure = MTP_SMD1, .lines = SMD1 "v = 1 / n1 + 1 / n2 + y^2 / (2 * n2)"},
    {MTP_SMD1, MTP_VTYPE_LS2, SMD1 LS2 "n2))", NULL, NULL},
    {MTP_SMD1, MTP_VTYPE_UB, SMD1 UB("n2 - 1"), NULL, NULL},
    {MTP_SMD1, MTP_VTYPE_AV, SMD1 "v = 1 / n1 + 1 / n2 + y_a^2 / (2 * n2)", EFFECTS},
    {.measure = MTP_SMD1H,
     .lines = SMD1 "v = s1^2 / (s2^2 * (n1 - 1)) + 1 / (n2 - 1) + "
                   "y^2 / (2 * (n2 - 1))"},
    {.measure = MTP_ROM, .lines = ROM "v = c1^2 / n1 + c2^2 / n2"},
    {MTP_ROM, MTP_VTYPE_HO,
     POOLED_S ROM "v = s_p^2 / (n1 * m1^2) + s_p^2 / (n2 * m2^2)", NULL, NULL},
    {MTP_ROM, MTP_VTYPE_AV, ROM "v = c_1a^2 / n1 + c_2a^2 / n2",
     "n1; n1 * c1; n2; n2 * c2",
     "c_1a = sum(n1_i * c1_i) / sum(n1_i); c_2a = sum(n2_i * c2_i) / sum(n2_i)"},
    {MTP_ROM, MTP_VTYPE_AVHO, ROM "v = c_a^2 / n1 + c_a^2 / n2",
     "n1; n1 * c1; n2; n2 * c2",
     "c_a = (sum(n1_i * c1_i) + sum(n2_i * c2_i)) / (sum(n1_i) + sum(n2_i))"},
    {.measure = MTP_CVR,
     .lines = CV "y = ln(c1 / c2)" SD_BIAS "[ - (c1^2 / n1 - c2^2 / n2) / 2]; "
                 "v = " SD_V " + c1^2 / n1 + c2^2 / n2"},
    {.measure = MTP_VR, .lines = "y = ln(s1 / s2)" SD_BIAS "; v = " SD_V},
    {.measure = MTP_RPB, .lines = POINT_BISERIAL RPB_ST "y = r; v = v_r"},
    {MTP_RPB, MTP_VTYPE_CS, POINT_BISERIAL RPB_CS "y = r; v = v_r", NULL, NULL},
    {.measure = MTP_ZPB, .lines = POINT_BISERIAL RPB_ST FISHER("r")},
    {MTP_ZPB, MTP_VTYPE_CS, POINT_BISERIAL RPB_CS FISHER("r"), NULL, NULL},
    {.measure = MTP_RBIS, .lines = BISERIAL "y = b; v = v_r"},
    {.measure = MTP_ZBIS, .lines = BISERIAL FISHER("b")},
    {.measure = MTP_D2OR, .lines = D2OR},
    {.measure = MTP_D2ORL, .lines = D2OR},
    {.measure = MTP_D2ORN, .lines = SMD_D D_V "y = 1.65 * d; v = 1.65^2 * v_d"},
    {.measure = MTP_CLES, .lines = AUC_LS},
    {MTP_CLES, MTP_VTYPE_LS2, AUC_LS2, NULL, NULL},
    {.measure = MTP_AUC, .lines = AUC_LS},
    {MTP_AUC, MTP_VTYPE_LS2, AUC_LS2, NULL, NULL},
    {.measure = MTP_CLESN, .lines = AUCN},
    {MTP_CLESN, MTP_VTYPE_HO, AUCN_HO, NULL, NULL},
    {.measure = MTP_AUCN, .lines = AUCN},
    {MTP_AUCN, MTP_VTYPE_HO, AUCN_HO, NULL, NULL},
    {.lines = NULL},
};
