/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files that an analysis file names. */
#include "audit/loader.h"
#include "core/ascii.h"
#include "table/digest.h"

#include <string.h>

/* Whether one of the folders on the way is "..". */
static bool climbs(const char *file)
{
    for (const char *at = file; *at;) {
        size_t length = strcspn(at, "/");

        if (length == 2 && memcmp(at, "..", 2) == 0) {
            return true;
        }
        at += length + (at[length] == '/');
    }
    return false;
}

bool mtp_loader_check_file(mtp_loader *loader, const mtp_yaml *node)
{
    const char *file = node->text;

    if (file[0] == '/') {
        mtp_loader_complain(
            loader, node->place,
            "%s: a file is named from the folder of the analysis file, so "
            "that the folder can be copied; name one in it",
            file);
    } else if (climbs(file)) {
        mtp_loader_complain(loader, node->place,
                            "%s: '..' leaves the folder of the analysis file, which is "
                            "to be complete by itself; name a file in it",
                            file);
    } else if (strcmp(file, "-") == 0) {
        mtp_loader_complain(loader, node->place,
                            "-: a table is a file, not the standard input");
    } else {
        return true;
    }
    return false;
}

const char *mtp_loader_path(mtp_loader *loader, const char *file)
{
    return mtp_loader_check(
        loader, mtp_arena_printf(loader->arena, "%s%s", loader->folder, file));
}

const char *mtp_loader_sha256(mtp_loader *loader, const mtp_yaml *node)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    const char *text = node ? node->text : NULL;
    char *lower;

    if (!text) {
        return NULL;
    }
    if (strlen(text) != MTP_DIGEST_TEXT - 1 ||
        strspn(text, digits) != MTP_DIGEST_TEXT - 1) {
        mtp_loader_complain(
            loader, node->place,
            "'sha256' is 64 hexadecimal digits, as sha256sum prints them");
        return NULL;
    }
    lower = mtp_loader_check(loader, mtp_arena_strdup(loader->arena, text));
    for (char *at = lower; at && *at; at++) {
        *at = mtp_ascii_lower(*at);
    }
    return lower;
}
