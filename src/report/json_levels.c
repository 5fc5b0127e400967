/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/multilevel.h"

#include "report/json.h"
#include "report/view.h"

/* "11/3": the labels of a group and of those around it. */
static json_t *group_name(mtp_json *j, const mtp_bundle *bundle, size_t l, size_t study)
{
    mtp_strbuf name;
    json_t *text;

    mtp_strbuf_init(&name);
    for (size_t i = 0; i <= l; i++) {
        mtp_strbuf_add(&name, i > 0 ? "/" : "");
        mtp_strbuf_add(&name, bundle->level_label[i][study]);
    }
    j->failed = j->failed || name.failed;
    text = mtp_json_text(j, name.failed ? NULL : name.text);
    mtp_strbuf_free(&name);
    return text;
}

/* Predictions of the random effects. */
static json_t *effects(mtp_json *j, const mtp_bundle *bundle, size_t l,
                       const mtp_level_effects *of)
{
    json_t *list = mtp_json_array(j);

    for (size_t g = 0; g < of->n_groups; g++) {
        json_t *o = mtp_json_object(j);

        mtp_json_put(j, o, "group", group_name(j, bundle, l, of->first[g]));
        mtp_json_put_number(j, o, "estimate", of->estimate[g]);
        mtp_json_put_number(j, o, "se", of->se[g]);
        mtp_json_append(j, list, o);
    }
    return list;
}

json_t *mtp_json_levels(mtp_json *j, const mtp_bundle *bundle, size_t n,
                        const mtp_variance_component *levels)
{
    json_t *list = mtp_json_array(j);

    for (size_t l = 0; l < n; l++) {
        const mtp_variance_component *level = &levels[l];
        bool ok = level->ci_status == MTP_SET_OK;
        json_t *o = mtp_json_object(j);

        mtp_json_put_text(j, o, "name", level->name);
        mtp_json_put_count(j, o, "groups", level->effects.n_groups);
        mtp_json_put_number(j, o, "sigma2", level->sigma2);
        mtp_json_put_number(j, o, "se", level->se);
        mtp_json_put(j, o, "ci",
                     mtp_json_pair(j, ok ? level->ci[0] : MTP_NONE,
                                   ok ? level->ci[1] : MTP_NONE));
        mtp_json_put_number(j, o, "I2", level->I2);
        mtp_json_put_number(j, o, "correlation", level->correlation);
        mtp_json_put(j, o, "confounded", mtp_json_flag(j, level->confounded));
        mtp_json_put(j, o, "effects", effects(j, bundle, l, &level->effects));
        mtp_json_append(j, list, o);
    }
    return list;
}
