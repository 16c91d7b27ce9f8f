namespace Actors.Hosting;

/// <summary>The host cannot start as it is configured. The message says what to do about it.</summary>
internal class HostingSettingsException(string message) : Exception(message);

/// <summary>The database lacks the tables in which Orleans keeps its members.</summary>
internal sealed class OrleansTablesMissingException() : HostingSettingsException(
    "The database lacks the tables that Orleans keeps its silos and reminders in. Create them: ./cluster-schema --postgres \"...\" (see docs/cluster.md).");
