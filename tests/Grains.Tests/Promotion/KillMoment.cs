namespace Actors.Grains.Tests.Promotion;

/// <summary>Where a promotion is when its process is killed.</summary>
internal enum KillMoment
{
    /// <summary>Some are done.</summary>
    Done = 0,

    /// <summary>One was read, and what was found in it is not stored yet.</summary>
    Waiting = 1,

    /// <summary>What was found is stored, and none of it is recorded yet.</summary>
    NoneRecorded = 2,

    /// <summary>Some of it is recorded.</summary>
    SomeRecorded = 3,

    /// <summary>All of it is recorded, and nobody has noted that.</summary>
    AllRecorded = 4,
}
