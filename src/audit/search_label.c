/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit/verify.h"

#include <string.h>

#define LABEL(name, prefix, type)                                                      \
    if (strcmp(setting->option, name) == 0) {                                          \
        int which = mtp_##prefix##_from_id(setting->value);                            \
                                                                                       \
        return which < 0 ? NULL : mtp_##prefix##_label((type)which);                   \
    }

const char *mtp_setting_label(const mtp_setting *setting)
{
    LABEL("method", method, mtp_method)
    LABEL("model", model, mtp_model)
    LABEL("tau2", tau2, mtp_tau2_method)
    LABEL("tau2-ci", tau2_ci, mtp_tau2_ci_method)
    LABEL("ci", ci, mtp_ci_method)
    LABEL("predict", pi, mtp_pi_method)
    return NULL;
}
