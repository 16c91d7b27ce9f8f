namespace Actors.Clients;

/// <summary>There is no such client: nothing was ever stored for one of that id.</summary>
[GenerateSerializer, Alias("ClientNotFoundException")]
public sealed class ClientNotFoundException : Exception
{
    /// <summary>A client that is not there.</summary>
    public ClientNotFoundException()
        : base("There is no such client.")
    {
    }
}

/// <summary>The client has memories, plans or work, so that nothing can be imported into it. Nothing was stored.</summary>
[GenerateSerializer, Alias("ClientNotEmptyException")]
public sealed class ClientNotEmptyException : Exception
{
    /// <summary>A client that has something.</summary>
    public ClientNotEmptyException()
        : base("The client has memories, plans or work already.")
    {
    }
}

/// <summary>As many exports and imports as a process carries out at a time are under way. Nothing was done; repeat later.</summary>
[GenerateSerializer, Alias("TransfersBusyException")]
public sealed class TransfersBusyException : Exception
{
    /// <param name="message">What the limit is, for people.</param>
    public TransfersBusyException(string message)
        : base(message)
    {
    }
}

/// <summary>The export or import was given up, because nobody went on with it in time, or its silo ended. Nothing was stored; start it anew.</summary>
[GenerateSerializer, Alias("TransferLostException")]
public sealed class TransferLostException : Exception
{
    /// <summary>A transfer that has gone.</summary>
    public TransferLostException()
        : base("The export or import was given up, because nobody went on with it in time.")
    {
    }
}

/// <summary>A line of an import has the wrong form. Nothing was stored; repeating does not help.</summary>
[GenerateSerializer, Alias("ImportFormatException")]
public sealed class ImportFormatException : Exception
{
    /// <param name="line">Which line, from 1.</param>
    /// <param name="message">What is expected there, for people.</param>
    public ImportFormatException(long line, string message)
        : base(message) => Line = line;

    /// <summary>Which line, from 1.</summary>
    [Id(0)]
    public long Line { get; }
}

/// <summary>A row of an import breaks a rule. Nothing was stored; repeating does not help.</summary>
[GenerateSerializer, Alias("ImportRefusedException")]
public sealed class ImportRefusedException : Exception
{
    /// <summary>Code: an id of the row exists already.</summary>
    public const string IdTaken = "import_id_taken";

    /// <summary>Code: the row breaks a rule of the schema.</summary>
    public const string BrokenRule = "import_refused";

    /// <summary>Code: the file does not end as an export does, or has another number of rows than its end says.</summary>
    public const string Incomplete = "import_incomplete";

    /// <param name="code">One of the codes here.</param>
    /// <param name="line">Which line, from 1.</param>
    /// <param name="message">What is wrong, for people.</param>
    public ImportRefusedException(string code, long line, string message)
        : base(message) => (Code, Line) = (code, line);

    /// <summary>One of the codes here.</summary>
    [Id(0)]
    public string Code { get; }

    /// <summary>Which line, from 1.</summary>
    [Id(1)]
    public long Line { get; }
}
