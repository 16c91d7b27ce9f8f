namespace Actors.Hosting;

/// <summary>The host cannot start as it is configured. The message says what to do about it.</summary>
internal class HostingSettingsException(string message) : Exception(message);

/// <summary>Something the command line asks for at the start could not be done. The message says what.</summary>
internal sealed class StartFailedException(string message, Exception inner) : Exception(message, inner);

/// <summary>The database lacks the tables in which Orleans keeps its members.</summary>
internal sealed class OrleansTablesMissingException() : HostingSettingsException(
    "The database lacks the tables that Orleans keeps its silos and reminders in. Create them: ./cluster-schema --postgres \"...\" (see docs/cluster.md).");
