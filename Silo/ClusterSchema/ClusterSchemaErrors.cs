namespace Actors.ClusterSchema;

/// <summary>Orleans' scripts cannot be had, are not the ones listed, do not fit the database, or one failed. The message says what to do.</summary>
internal sealed class OrleansScriptException(string message, Exception? inner = null) : Exception(message, inner);
