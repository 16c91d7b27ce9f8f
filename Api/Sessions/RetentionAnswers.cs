namespace Actors.Sessions;

/// <summary>What lists of the past say of what retention has deleted.</summary>
internal static class RetentionAnswers
{
    public const string Description =
        "What may be missing: `retention`, the request reaches back to a time of which rows have been deleted since they were kept long enough. Empty: nothing.";

    private const string Retention = "retention";

    public static string[] Degraded(bool reachesBehindRetention) => reachesBehindRetention ? [Retention] : [];
}
