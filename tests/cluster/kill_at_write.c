/* Kills the process that it is loaded into (LD_PRELOAD) at one exact write to one file, as a power cut would: the
 * program under test knows nothing of it.
 *   KILL_FILE   end of the file's path
 *   KILL_COUNT  a file that grows by one byte with each write: whoever counts deletes it first
 *   KILL_ORDER  a file with two words; without it nothing is killed:
 *     the how manieth write, from 1; or a text: the write that holds it
 *     before: nothing of it is written; torn: half of it is; unsynced: all of it is, fsync was not called;
 *     durable: fsync has returned, nobody was told yet
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_int armed; /* The write was made: the next fsync is its own. */

static int watched(int fd) {
    const char *end = getenv("KILL_FILE");
    char link[64] = "/proc/self/fd/", path[4096], digits[16];
    int n = 0, length = 14;
    if (!end || fd < 0) return 0;
    do digits[n++] = '0' + fd % 10; while (fd /= 10);
    while (n) link[length++] = digits[--n];
    ssize_t size = readlink(link, path, sizeof path);
    size_t tail = strlen(end);
    return size >= (ssize_t)tail && !memcmp(path + size - tail, end, tail);
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static off_t count_up(void) {
    ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    int fd = open(getenv("KILL_COUNT"), O_WRONLY | O_CREAT | O_APPEND, 0644);
    real(fd, ".", 1);
    off_t number = lseek(fd, 0, SEEK_END);
    close(fd);
    return number;
}

/* How many bytes to write before dying; -1: go on living. */
static ssize_t fate(const void *bytes, size_t count) {
    char order[128] = "", at[64] = "", when[16] = "";
    off_t number = count_up();
    int fd = open(getenv("KILL_ORDER"), O_RDONLY);
    if (fd < 0) return -1;
    ssize_t size = read(fd, order, sizeof order - 1);
    close(fd);
    if (size <= 0 || sscanf(order, "%63s %15s", at, when) != 2) return -1;
    if (!(atoi(at) ? number == atoi(at) : !!memmem(bytes, count, at, strlen(at)))) return -1;
    if (!strcmp(when, "before")) die();
    if (!strcmp(when, "durable")) {
        atomic_store(&armed, 1);
        return -1;
    }
    return !strcmp(when, "torn") ? (ssize_t)(count / 2) : (ssize_t)count;
}

ssize_t write(int fd, const void *bytes, size_t count) {
    ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    ssize_t last = watched(fd) ? fate(bytes, count) : -1;
    if (last < 0) return real(fd, bytes, count);
    real(fd, bytes, last);
    die();
    return -1;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
    ssize_t (*real)(int, const void *, size_t, off64_t) = dlsym(RTLD_NEXT, "pwrite64");
    ssize_t last = watched(fd) ? fate(bytes, count) : -1;
    if (last < 0) return real(fd, bytes, count, offset);
    real(fd, bytes, last, offset);
    die();
    return -1;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) { return pwrite64(fd, bytes, count, offset); }

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) {
    ssize_t (*real)(int, const struct iovec *, int, off64_t) = dlsym(RTLD_NEXT, "pwritev64");
    if (!watched(fd)) return real(fd, parts, count, offset);
    size_t size = 0;
    for (int i = 0; i < count; i++) size += parts[i].iov_len;
    char *whole = malloc(size), *end = whole;
    for (int i = 0; i < count; i++) end = mempcpy(end, parts[i].iov_base, parts[i].iov_len);
    ssize_t result = pwrite64(fd, whole, size, offset);
    free(whole);
    return result;
}

static int sync_with(const char *name, int fd) {
    int (*real)(int) = dlsym(RTLD_NEXT, name);
    int result = real(fd);
    if (atomic_load(&armed) && watched(fd)) die();
    return result;
}

int fsync(int fd) { return sync_with("fsync", fd); }

int fdatasync(int fd) { return sync_with("fdatasync", fd); }
