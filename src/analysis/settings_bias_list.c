/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of small-study effects that are in force. */
#include "analysis/settings.h"

static const char *yes(bool flag)
{
    return flag ? "true" : "false";
}

static const char *none_or(const char *list)
{
    return list[0] ? list : NULL;
}

bool mtp_bias_in_force(const mtp_request *r, const mtp_settings *s,
                       mtp_option_index index, const char **text)
{
    const mtp_bias_settings *b = &s->bias;
    const char *given = mtp_request_value(r, index);
    bool weighted = b->n_named > 0 || b->n_weights > 0;
    bool steps =
        (b->selection && b->select.type == MTP_SELECTION_STEP) || b->n_weights > 0;
    bool egger = mtp_bias_has_test(s, MTP_ASYMMETRY_EGGER);

    switch (index) {
    case MTP_OPT_BIAS_TEST:
        *text = none_or(b->tests);
        return true;
    case MTP_OPT_EGGER_MODEL:
        *text = egger || b->pet_peese ? given : NULL;
        return true;
    case MTP_OPT_PREDICTOR:
        *text = egger ? given : NULL;
        return true;
    case MTP_OPT_ASYMPTOTIC:
        *text = mtp_bias_has_test(s, MTP_ASYMMETRY_BEGG) ? given : NULL;
        return true;
    case MTP_OPT_PET_PEESE:
        *text = yes(b->pet_peese);
        return true;
    case MTP_OPT_TRIM_FILL:
        *text = b->trim_fill ? mtp_trim_fill_id(b->trim.estimator) : NULL;
        return true;
    case MTP_OPT_SIDE:
        *text = b->trim_fill || b->copas ? given : NULL;
        return true;
    case MTP_OPT_COPAS:
        *text = yes(b->copas);
        return true;
    case MTP_OPT_FAILSAFE:
        *text = none_or(b->failsafes);
        return true;
    case MTP_OPT_FAILSAFE_EXACT:
        *text = mtp_bias_has_failsafe(s, MTP_FAILSAFE_GENERAL) ? given : NULL;
        return true;
    case MTP_OPT_EXCESS:
        *text = yes(b->excess);
        return true;
    case MTP_OPT_SELECTION:
        *text = b->selection ? mtp_selection_id(b->select.type) : NULL;
        return true;
    case MTP_OPT_STEPS:
        *text = !steps                               ? NULL
                : given                              ? given
                : b->side == MTP_SELECTION_TWO_SIDED ? "0.05"
                                                     : "0.025";
        return true;
    case MTP_OPT_ALTERNATIVE:
        *text = b->selection || weighted || b->p_uniform
                    ? mtp_selection_side_id(b->side)
                    : NULL;
        return true;
    case MTP_OPT_SELECTION_WEIGHTS:
        *text = b->n_weights > 0 ? given : none_or(b->names);
        return true;
    case MTP_OPT_LFK:
        *text = yes(b->lfk);
        return true;
    case MTP_OPT_P_CURVE:
        *text = yes(b->p_curve);
        return true;
    case MTP_OPT_P_UNIFORM:
        *text = yes(b->p_uniform);
        return true;
    case MTP_OPT_PREDICT: /* of the filled set alone */
        *text = b->trim_fill ? given : NULL;
        return true;
    default:
        return false;
    }
}
