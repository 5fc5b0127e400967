/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which recipe a sampling variance has, and the symbols of raw data. Every line of one
 * is compared with the analysis. */
#include "explain/recipe.h"
#include "explain/work.h"

/* Variances that are those of LS: there is no proportion in them to average, or LS is
 * already by that design. */
static const struct {
    mtp_measure measure;
    mtp_vtype vtype;
} as_ls[] = {
    {MTP_PRZ, MTP_VTYPE_AV}, {MTP_PAS, MTP_VTYPE_AV},  {MTP_PFT, MTP_VTYPE_AV},
    {MTP_AS, MTP_VTYPE_AV},  {MTP_RPB, MTP_VTYPE_ST},  {MTP_ZPB, MTP_VTYPE_ST},
    {MTP_PHI, MTP_VTYPE_CS}, {MTP_ZPHI, MTP_VTYPE_CS}, {MTP_YUQ, MTP_VTYPE_ST},
    {MTP_YUQ, MTP_VTYPE_CS}, {MTP_YUY, MTP_VTYPE_ST},  {MTP_YUY, MTP_VTYPE_CS},
};

const mtp_recipe *mtp_recipe_of(mtp_measure measure, mtp_vtype vtype)
{
    static const mtp_recipe *const families[] = {
        mtp_recipes_of_counts, mtp_recipes_of_means, mtp_recipes_of_changes,
        mtp_recipes_of_correlations};

    for (size_t i = 0; i < sizeof as_ls / sizeof *as_ls; i++) {
        if (as_ls[i].measure == measure && as_ls[i].vtype == vtype) {
            vtype = MTP_VTYPE_LS;
        }
    }
    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        for (const mtp_recipe *at = families[f]; at->lines; at++) {
            if (at->measure == measure && at->vtype == vtype) {
                return at;
            }
        }
    }
    return NULL;
}

const char *mtp_explain_symbol(mtp_role role)
{
    static const char *const symbols[MTP_ROLE_COUNT] = {
        [MTP_ROLE_EVENTS] = "x",      [MTP_ROLE_N] = "n",
        [MTP_ROLE_TIME] = "t",        [MTP_ROLE_EVENTS1] = "x1",
        [MTP_ROLE_N1] = "n1",         [MTP_ROLE_EVENTS2] = "x2",
        [MTP_ROLE_N2] = "n2",         [MTP_ROLE_TIME1] = "t1",
        [MTP_ROLE_TIME2] = "t2",      [MTP_ROLE_CELL_A] = "a",
        [MTP_ROLE_CELL_B] = "b",      [MTP_ROLE_CELL_C] = "c",
        [MTP_ROLE_CELL_D] = "d",      [MTP_ROLE_OE] = "OE",
        [MTP_ROLE_VAR] = "V",         [MTP_ROLE_MEAN] = "m",
        [MTP_ROLE_SD] = "s",          [MTP_ROLE_MEAN1] = "m1",
        [MTP_ROLE_SD1] = "s1",        [MTP_ROLE_MEAN2] = "m2",
        [MTP_ROLE_SD2] = "s2",        [MTP_ROLE_AUC] = "A",
        [MTP_ROLE_SD_CHANGE] = "s_d", [MTP_ROLE_YI] = "y",
        [MTP_ROLE_VI] = "v",          [MTP_ROLE_SEI] = "s_y",
        [MTP_ROLE_CI_LOWER] = "l",    [MTP_ROLE_CI_UPPER] = "u",
        [MTP_ROLE_R] = "r",           [MTP_ROLE_STAT] = "T",
        [MTP_ROLE_P] = "p_y",         [MTP_ROLE_PREDICTORS] = "q",
        [MTP_ROLE_R2] = "R2",         [MTP_ROLE_ALPHA] = "alpha",
        [MTP_ROLE_ITEMS] = "q",       [MTP_ROLE_ESTIMATE] = "e",
        [MTP_ROLE_SE] = "s_m",        [MTP_ROLE_MEDIAN] = "med",
        [MTP_ROLE_Q1] = "q_1",        [MTP_ROLE_Q3] = "q_3",
        [MTP_ROLE_MIN] = "low",       [MTP_ROLE_MAX] = "high",
        [MTP_ROLE_SE1] = "s_m1",      [MTP_ROLE_MEDIAN1] = "med1",
        [MTP_ROLE_Q1_1] = "q1_1",     [MTP_ROLE_Q3_1] = "q3_1",
        [MTP_ROLE_MIN1] = "low1",     [MTP_ROLE_MAX1] = "high1",
        [MTP_ROLE_SE2] = "s_m2",      [MTP_ROLE_MEDIAN2] = "med2",
        [MTP_ROLE_Q1_2] = "q1_2",     [MTP_ROLE_Q3_2] = "q3_2",
        [MTP_ROLE_MIN2] = "low2",     [MTP_ROLE_MAX2] = "high2",
    };

    return symbols[role];
}
