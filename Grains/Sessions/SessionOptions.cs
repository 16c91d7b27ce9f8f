namespace Actors.Sessions;

/// <summary>Limits of a client's session. Configuration section <c>Sessions</c>.</summary>
internal sealed class SessionOptions
{
    /// <summary>
    /// Most memories kept in a session's hot index, at least 1; default 200,000. Of a client with more, its newest facts and then
    /// its newest events are searched, and the answer says <c>degraded: ["hot_index"]</c>; lists and get still reach all.
    /// </summary>
    public int MaxHotEvents { get; set; } = 200_000;

    /// <summary>
    /// Most characters of content and metadata kept in a session's hot index, at least 1,048,576; default 67,108,864 (128 MiB).
    /// Beyond it as beyond <see cref="MaxHotEvents"/>. Beliefs of the past may take as many again.
    /// </summary>
    public long MaxHotCharacters { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// Most bytes that all sessions of a process hold hot, as they estimate it, at least 1 MiB; default a third of the memory the
    /// process may use, and at least 64 MiB. When it is more, sessions leave memory, those first that were not asked for the
    /// longest; their next request reads them again. One session alone is bounded by its own limits only.
    /// </summary>
    public long MaxHotBytes { get; set; } = Math.Max(64 * 1024 * 1024, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 3);

    /// <summary>
    /// How long a request waits while its session is read into memory, positive; default 5 s. Then it gets
    /// <see cref="SessionLoadingException"/>, and the reading goes on.
    /// </summary>
    public TimeSpan LoadWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Most memories that may wait for their commit, at least 1,000; default 10,000. Beyond it writes get <see cref="SessionBusyException"/>.</summary>
    public int MaxWaitingMemories { get; set; } = 10_000;

    /// <summary>
    /// Most characters of content and metadata that may wait for their commit, at least 1,048,576; default 33,554,432
    /// (64 MiB). Beyond it writes get <see cref="SessionBusyException"/>.
    /// </summary>
    public long MaxWaitingCharacters { get; set; } = 32 * 1024 * 1024;

    /// <summary>
    /// How many characters a shared commit collects before the next one opens, at least 1; default 4,194,304. A single
    /// request is never split, so a commit may hold one request more.
    /// </summary>
    public long CharactersPerCommit { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// How many memories a shared commit collects before the next one opens, at least 1; default 1,000. A single request
    /// is never split, so a commit may hold one request more.
    /// </summary>
    public int MemoriesPerCommit { get; set; } = 1_000;

    /// <summary>
    /// How many sessions at most share a transaction, at least 1; default 64. What is said of a shared commit above holds for it
    /// too: it collects no further session once it has so many memories or characters.
    /// </summary>
    public int SessionsPerTransaction { get; set; } = 64;

    /// <summary>How many shared transactions of sessions are under way at a time, at least 1; default 2. Commits that find fewer are sent at once, the others wait in line and share. Those sent again apart, after a failure, are not among them.</summary>
    public int TransactionsUnderWay { get; set; } = 2;

    /// <summary>Most answers a session keeps to repeat, at least 0; default 128. When it is full, the one not asked for the longest is dropped.</summary>
    public int RecentAnswers { get; set; } = 128;

    /// <summary>
    /// How long a recall that may have missed something waits to hear from Postgres what others have written, positive; default 1 s. Then
    /// it answers without that, and says <c>degraded: ["postgres"]</c>; the next one finds what was heard meanwhile. Writes wait as
    /// long as Postgres may take for a statement.
    /// </summary>
    public TimeSpan CatchUpWait { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many changes that others made a session takes over one by one, at least 0; default 5,000, which takes it about 0.1 s. When
    /// there are more, the client's memories are read anew beside the session, as when it comes up, and its requests wait as they
    /// do then.
    /// </summary>
    public int MaxChangesToApply { get; set; } = 5_000;

    /// <summary>
    /// How many characters of content and metadata the changes may have that a session takes over one by one, at least 0; default
    /// 4,194,304. Beyond it as beyond <see cref="MaxChangesToApply"/>.
    /// </summary>
    public long MaxCharactersToApply { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// When the whole process stood still for longer, positive, sessions look for what others have written before they answer;
    /// default 2 s.
    /// </summary>
    public TimeSpan PauseLimit { get; set; } = ProcessPauses.DefaultLimit;
}
