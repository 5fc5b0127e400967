/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/json.h"
#include "report/view.h"

#include <math.h>

static json_t *categories(mtp_json *j, const mtp_composition *c,
                          const mtp_composition_group *group)
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < c->n_categories; i++) {
        const mtp_share *share = &group->share[i];
        json_t *o = mtp_json_object(j);

        mtp_json_put_text(j, o, "category", c->category[i]);
        mtp_json_put_number(j, o, "count", share->count);
        mtp_json_put_number(j, o, "share", share->share);
        mtp_json_put(j, o, "wilson",
                     mtp_json_pair(j, share->wilson[0], share->wilson[1]));
        mtp_json_put(j, o, "goodman",
                     mtp_json_pair(j, share->goodman[0], share->goodman[1]));
        mtp_json_put_number(j, o, "residual", share->residual);
        mtp_json_append(j, list, o);
    }
    return list;
}

static json_t *groups(mtp_json *j, const mtp_composition *c)
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < c->n_groups; i++) {
        json_t *o = mtp_json_object(j);

        mtp_json_put_text(j, o, "level", c->group[i].level);
        mtp_json_put_number(j, o, "total", c->group[i].total);
        mtp_json_put(j, o, "categories", categories(j, c, &c->group[i]));
        mtp_json_append(j, list, o);
    }
    return list;
}

static json_t *exact_test(mtp_json *j, const mtp_composition *c)
{
    static const char *const name[] = {[MTP_EXACT_NONE] = NULL,
                                       [MTP_EXACT_FULL] = "exact",
                                       [MTP_EXACT_MONTE_CARLO] = "monte_carlo"};
    bool drawn = c->exact.method == MTP_EXACT_MONTE_CARLO;
    json_t *o = mtp_json_object(j);

    mtp_json_put_number(j, o, "p", c->exact.p);
    mtp_json_put_number(j, o, "p_se", c->exact.p_se);
    mtp_json_put_text(j, o, "method", name[c->exact.method]);
    mtp_json_put_number(j, o, "seed", drawn ? (double)c->options.seed : MTP_NONE);
    mtp_json_put_number(j, o, "draws", drawn ? (double)c->exact.draws : MTP_NONE);
    return o;
}

void mtp_json_put_composition(mtp_json *j, json_t *root, const mtp_composition *c)
{
    json_t *tests = mtp_json_object(j);

    mtp_json_put_number(j, root, "total", c->total.total);
    mtp_json_put(j, root, "categories", categories(j, c, &c->total));
    mtp_json_put(j, root, "groups", groups(j, c));
    mtp_json_put(j, tests, "chi_square", mtp_json_test(j, &c->chi_square));
    mtp_json_put(j, tests, "g", mtp_json_test(j, &c->g));
    mtp_json_put(j, tests, "exact", exact_test(j, c));
    mtp_json_put_number(j, tests, "expected_min", c->expected_min);
    mtp_json_put_number(j, tests, "cramers_v", c->cramers_v);
    mtp_json_put(j, root, "tests", tests);
}
