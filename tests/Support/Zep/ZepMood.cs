namespace Actors.Support;

/// <summary>What a <see cref="FakeZep"/> does with a request.</summary>
public enum ZepMood
{
    /// <summary>Answers.</summary>
    Well,

    /// <summary>Answers once <see cref="FakeZep.Release"/> is called, or the caller has gone.</summary>
    Slow,

    /// <summary>Never answers, and does nothing.</summary>
    Hangs,

    /// <summary>Breaks the connection, having done nothing.</summary>
    Breaks,

    /// <summary>Does what it is asked, and breaks the connection.</summary>
    BreaksAfterwards,

    /// <summary>500 with JSON.</summary>
    Broken,

    /// <summary>502 with HTML, as an edge answers.</summary>
    BadGateway,

    /// <summary>401 as text, whatever the key.</summary>
    WrongKey,

    /// <summary>403.</summary>
    Forbidden,

    /// <summary>429 as text with <see cref="ZepQuirks.RetryAfter"/> and a negative remainder.</summary>
    Throttled,

    /// <summary>429 as JSON, without a time: another write to the same record is under way.</summary>
    Locked,

    /// <summary>400, quoting what was sent.</summary>
    Refuses,

    /// <summary>200 with HTML.</summary>
    Garbage,

    /// <summary>200 with more than anybody wants to read.</summary>
    Endless,

    /// <summary>307 to another address.</summary>
    Redirects,

    /// <summary>The router does not know any route: 404 as text.</summary>
    Removed,

    /// <summary>410.</summary>
    Deprecated,
}

/// <summary>How a <see cref="FakeZep"/> writes an array that is empty.</summary>
public enum ZepArrays
{
    Empty,
    Null,
    Absent,
}

/// <summary>In which ways a <see cref="FakeZep"/> is like which of the servers that were seen; any may change while it runs.</summary>
public sealed class ZepQuirks
{
    /// <summary>Whether a message keeps the id it is sent with.</summary>
    public bool KeepsMessageIds { get; set; } = true;

    /// <summary>Whether the graph calls a message what the thread calls it.</summary>
    public bool EpisodesAreMessages { get; set; } = true;

    /// <summary>Whether a fact that is an edge already, by its nodes and name and text, is given that edge.</summary>
    public bool MergesEdges { get; set; }

    /// <summary>Whether ids of messages that were added are told.</summary>
    public bool TellsMessageIds { get; set; } = true;

    /// <summary>Given to everything instead of an id of its own; null: nothing is.</summary>
    public string? GivesId { get; set; }

    /// <summary>Whether an edge keeps the id it is sent with.</summary>
    public bool KeepsFactIds { get; set; }

    /// <summary>400 or 409, for what exists already.</summary>
    public int DuplicateStatus { get; set; } = 400;

    public ZepArrays EmptyArrays { get; set; }

    /// <summary>Whether answers that are JSON are labelled as text.</summary>
    public bool LabelsAsText { get; set; }

    /// <summary>Whether hits of the cross-encoder tell their scores.</summary>
    public bool TellsScores { get; set; } = true;

    /// <summary>Whether <c>projects/info</c> is there, which came late.</summary>
    public bool HasProjectInfo { get; set; } = true;

    /// <summary>Whether sessions, facts and groups of v2 are still there.</summary>
    public bool HasSessions { get; set; }

    /// <summary>Whether a new fact of the same node and name ends those before it.</summary>
    public bool EndsContradicted { get; set; }

    /// <summary>Whether edges stay whose only message is taken away.</summary>
    public bool KeepsWhatItDerived { get; set; }

    /// <summary>How long what came is not processed.</summary>
    public TimeSpan IngestionDelay { get; set; }

    /// <summary>How long it is not found after that.</summary>
    public TimeSpan SearchLag { get; set; }

    /// <summary>How long each answer takes.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>Requests a minute; null: as many as come, and no headers tell.</summary>
    public int? RequestsPerMinute { get; set; } = 6_000;

    /// <summary>Whether the headers tell how many of them are left.</summary>
    public bool TellsRemaining { get; set; } = true;

    /// <summary>Requests after which only <see cref="PenaltyPerMinute"/> a minute are taken; null: none are too many.</summary>
    public int? Quota { get; set; }

    public int PenaltyPerMinute { get; set; } = 5;

    /// <summary>Told with 429: seconds or a date; null: nothing.</summary>
    public string? RetryAfter { get; set; } = "60";

    /// <summary>Most characters of a message: of those that were seen the least.</summary>
    public int MessageLength { get; set; } = 2_500;
}
