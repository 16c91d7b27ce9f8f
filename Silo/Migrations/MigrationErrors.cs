namespace Actors.Migrations;

/// <summary>The database was not brought up to date. What ran before the failing script is kept, the failing script left nothing.</summary>
internal abstract class MigrationException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The scripts of this build are not numbered 1, 2, 3 and so on.</summary>
internal sealed class MigrationNumberingException(string message) : MigrationException(message);

/// <summary>A script that already ran has another text or name now. Landed migrations never change: restore it and add a new one.</summary>
internal sealed class ChangedMigrationException(string appliedName, string name)
    : MigrationException(appliedName == name
        ? $"{name} has changed since it ran on this database. Restore the file; a change of the schema is a new file."
        : $"{appliedName} ran on this database, but this build has {name} in its place. Restore the file's name; a change of the schema is a new file.")
{
    public string AppliedName { get; } = appliedName;
}

/// <summary>The database has migrations which this build does not know: it was upgraded by a newer build.</summary>
internal sealed class NewerDatabaseException(string newestApplied, int newestKnown)
    : MigrationException($"The database has migration {newestApplied}, this build knows numbers up to {newestKnown}. Start the newer build, or restore a backup from before the upgrade.")
{
    public string NewestApplied { get; } = newestApplied;
}

/// <summary>A Postgres extension is missing and could not be created; the message names it, and the privilege or package it takes.</summary>
internal sealed class MissingExtensionException(string message, Exception inner) : MigrationException(message, inner);

/// <summary>A script failed and was rolled back; the message has the server's error and, where known, its line.</summary>
internal sealed class FailedMigrationException(string name, string message, Exception inner)
    : MigrationException($"{name} failed and was rolled back: {message}", inner)
{
    public string Name { get; } = name;
}
