namespace Actors.Sessions;

/// <summary>Limits of a client's session. Configuration section <c>Sessions</c>.</summary>
internal sealed class SessionOptions
{
    /// <summary>
    /// Most events kept in a session's hot index, at least 1; default 200,000. Of a client with more, the newest are
    /// searched and the answer says <c>degraded: ["hot_index"]</c>; lists and get still reach all.
    /// </summary>
    public int MaxHotEvents { get; set; } = 200_000;

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

    /// <summary>How many transactions of sessions are under way at a time, at least 1; default 2. Commits that find fewer are sent at once, the others wait in line and share.</summary>
    public int TransactionsUnderWay { get; set; } = 2;

    /// <summary>Most answers a session keeps to repeat, at least 0; default 128. When it is full, the one not asked for the longest is dropped.</summary>
    public int RecentAnswers { get; set; } = 128;

    /// <summary>
    /// When the whole process stood still for longer, positive, sessions look for what others have written before they answer;
    /// default 2 s.
    /// </summary>
    public TimeSpan PauseLimit { get; set; } = ProcessPauses.DefaultLimit;
}
