using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Son1kVers3.Pool.Data.Migrations
{
    /// <inheritdoc />
    public partial class TracksByGeneration : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "pk_tracks",
                table: "tracks");

            migrationBuilder.DropIndex(
                name: "ix_tracks_generation_id",
                table: "tracks");

            migrationBuilder.DropIndex(
                name: "ix_tracks_listed_genre",
                table: "tracks");

            migrationBuilder.DropIndex(
                name: "ix_tracks_listed_popular",
                table: "tracks");

            migrationBuilder.DropIndex(
                name: "ix_tracks_listed_quality",
                table: "tracks");

            migrationBuilder.DropIndex(
                name: "ix_tracks_listed_recent",
                table: "tracks");

            migrationBuilder.DropColumn(
                name: "id",
                table: "tracks");

            migrationBuilder.RenameColumn(
                name: "sequence",
                table: "members",
                newName: "profile_sequence");

            migrationBuilder.AlterDatabase()
                .Annotation("Npgsql:PostgresExtension:pg_trgm", ",,")
                .Annotation("Npgsql:PostgresExtension:unaccent", ",,");

            // unaccent itself is not immutable, because its dictionary could be another one tomorrow; named in full it is.
            migrationBuilder.Sql(
                """
                CREATE FUNCTION fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
                AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, $1)) $$;
                """);

            migrationBuilder.CreateSequence(
                name: "event_sequence");

            migrationBuilder.AlterColumn<string>(
                name: "title",
                table: "tracks",
                type: "text",
                nullable: true,
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<double>(
                name: "tempo",
                table: "tracks",
                type: "double precision",
                nullable: true,
                oldClrType: typeof(double),
                oldType: "double precision");

            migrationBuilder.AlterColumn<string>(
                name: "quality",
                table: "tracks",
                type: "text",
                nullable: true,
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<int>(
                name: "points",
                table: "tracks",
                type: "integer",
                nullable: false,
                defaultValue: 0,
                oldClrType: typeof(int),
                oldType: "integer");

            migrationBuilder.AlterColumn<long>(
                name: "plays",
                table: "tracks",
                type: "bigint",
                nullable: false,
                defaultValue: 0L,
                oldClrType: typeof(long),
                oldType: "bigint");

            migrationBuilder.AlterColumn<int>(
                name: "likes",
                table: "tracks",
                type: "integer",
                nullable: false,
                defaultValue: 0,
                oldClrType: typeof(int),
                oldType: "integer");

            migrationBuilder.AlterColumn<string>(
                name: "key",
                table: "tracks",
                type: "text",
                nullable: true,
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<bool>(
                name: "hidden",
                table: "tracks",
                type: "boolean",
                nullable: false,
                defaultValue: false,
                oldClrType: typeof(bool),
                oldType: "boolean");

            migrationBuilder.AlterColumn<string>(
                name: "genre",
                table: "tracks",
                type: "text",
                nullable: true,
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<double>(
                name: "duration_seconds",
                table: "tracks",
                type: "double precision",
                nullable: true,
                oldClrType: typeof(double),
                oldType: "double precision");

            migrationBuilder.AlterColumn<DateTimeOffset>(
                name: "contributed_at",
                table: "tracks",
                type: "timestamp with time zone",
                nullable: true,
                oldClrType: typeof(DateTimeOffset),
                oldType: "timestamp with time zone");

            migrationBuilder.AlterColumn<bool>(
                name: "automatic",
                table: "tracks",
                type: "boolean",
                nullable: false,
                defaultValue: false,
                oldClrType: typeof(bool),
                oldType: "boolean");

            migrationBuilder.AddColumn<string>(
                name: "allowance",
                table: "tracks",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "completed_at",
                table: "tracks",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "deleted",
                table: "tracks",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<double>(
                name: "draw",
                table: "tracks",
                type: "double precision",
                nullable: false,
                defaultValueSql: "random()");

            migrationBuilder.AddColumn<string>(
                name: "hidden_reason",
                table: "tracks",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "hidden_sequence",
                table: "tracks",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string[]>(
                name: "palette",
                table: "tracks",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<short[]>(
                name: "peaks",
                table: "tracks",
                type: "smallint[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<int>(
                name: "ranked_likes",
                table: "tracks",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "sequence",
                table: "tracks",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "version",
                table: "tracks",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "visibility",
                table: "tracks",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "withdrawn",
                table: "tracks",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AlterColumn<string>(
                name: "username",
                table: "members",
                type: "text",
                nullable: true,
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AddColumn<string>(
                name: "allowance",
                table: "members",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "alvae",
                table: "members",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "alvae_id",
                table: "members",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "alvae_sequence",
                table: "members",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "border",
                table: "members",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "deleted",
                table: "members",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "entitled_alvae",
                table: "members",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "entitlement_sequence",
                table: "members",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AlterColumn<long>(
                name: "profile_sequence",
                table: "members",
                type: "bigint",
                nullable: false,
                defaultValue: 0L,
                oldClrType: typeof(long),
                oldType: "bigint");

            migrationBuilder.AddColumn<string>(
                name: "tier",
                table: "members",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "unit_limit",
                table: "members",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "available",
                table: "tracks",
                type: "boolean",
                nullable: false,
                computedColumnSql: "contributed_at IS NOT NULL AND claimed_at IS NULL AND NOT hidden AND NOT deleted",
                stored: true);

            migrationBuilder.AddColumn<string>(
                name: "search",
                table: "tracks",
                type: "text",
                nullable: true,
                computedColumnSql: "fold(title)",
                stored: true);

            migrationBuilder.AddPrimaryKey(
                name: "pk_tracks",
                table: "tracks",
                column: "generation_id");

            migrationBuilder.CreateTable(
                name: "claim_days",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    used = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_claim_days", x => new { x.user_id, x.day });
                });

            migrationBuilder.CreateTable(
                name: "erasures",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_erasures", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "leaders",
                columns: table => new
                {
                    timeframe = table.Column<string>(type: "text", nullable: false),
                    starts_on = table.Column<DateOnly>(type: "date", nullable: false),
                    users = table.Column<Guid[]>(type: "uuid[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_leaders", x => new { x.timeframe, x.starts_on });
                });

            migrationBuilder.CreateTable(
                name: "like_rings",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    members = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    likes = table.Column<int>(type: "integer", nullable: false),
                    found_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_like_rings", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "likes",
                columns: table => new
                {
                    generation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    liked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    counts_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    counted = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_likes", x => new { x.generation_id, x.user_id });
                });

            migrationBuilder.CreateTable(
                name: "moderations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    generation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    operator_id = table.Column<Guid>(type: "uuid", nullable: false),
                    hidden = table.Column<bool>(type: "boolean", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_moderations", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "plays",
                columns: table => new
                {
                    generation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    counted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_plays", x => new { x.generation_id, x.user_id });
                });

            migrationBuilder.CreateTable(
                name: "ranking_changes",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ranking_changes", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "standings",
                columns: table => new
                {
                    timeframe = table.Column<string>(type: "text", nullable: false),
                    starts_on = table.Column<DateOnly>(type: "date", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    points = table.Column<long>(type: "bigint", nullable: false),
                    likes = table.Column<long>(type: "bigint", nullable: false),
                    first_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    sort_key = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_standings", x => new { x.timeframe, x.starts_on, x.user_id });
                });

            migrationBuilder.CreateTable(
                name: "stock_alarm",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    low = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_stock_alarm", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_tracks_available_draw",
                table: "tracks",
                column: "draw",
                filter: "available");

            migrationBuilder.CreateIndex(
                name: "ix_tracks_available_genre_draw",
                table: "tracks",
                columns: new[] { "genre", "draw" },
                filter: "available");

            migrationBuilder.CreateIndex(
                name: "ix_tracks_available_genre_popular",
                table: "tracks",
                columns: new[] { "genre", "likes", "generation_id" },
                descending: new[] { false, true, true },
                filter: "available");

            migrationBuilder.CreateIndex(
                name: "ix_tracks_available_genre_quality",
                table: "tracks",
                columns: new[] { "genre", "points", "generation_id" },
                descending: new[] { false, true, true },
                filter: "available");

            migrationBuilder.CreateIndex(
                name: "ix_tracks_available_genre_recent",
                table: "tracks",
                columns: new[] { "genre", "contributed_at", "generation_id" },
                descending: new[] { false, true, true },
                filter: "available");

            migrationBuilder.CreateIndex(
                name: "ix_tracks_available_popular",
                table: "tracks",
                columns: new[] { "likes", "generation_id" },
                descending: new bool[0],
                filter: "available");

            migrationBuilder.CreateIndex(
                name: "ix_tracks_available_quality",
                table: "tracks",
                columns: new[] { "points", "generation_id" },
                descending: new bool[0],
                filter: "available");

            migrationBuilder.CreateIndex(
                name: "ix_tracks_available_recent",
                table: "tracks",
                columns: new[] { "contributed_at", "generation_id" },
                descending: new bool[0],
                filter: "available");

            migrationBuilder.CreateIndex(
                name: "ix_tracks_available_search",
                table: "tracks",
                column: "search",
                filter: "available")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_tracks_claimed_by",
                table: "tracks",
                column: "claimed_by",
                filter: "claimed_by IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_tracks_completed",
                table: "tracks",
                column: "completed_at",
                filter: "completed_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_tracks_contributable_user",
                table: "tracks",
                columns: new[] { "user_id", "completed_at" },
                filter: "contributed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_tracks_contributed",
                table: "tracks",
                column: "contributed_at",
                filter: "contributed_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_tracks_contributed_user",
                table: "tracks",
                columns: new[] { "user_id", "contributed_at" },
                filter: "contributed_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_tracks_hidden",
                table: "tracks",
                column: "generation_id",
                filter: "hidden AND contributed_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_members_paid",
                table: "members",
                column: "tier",
                filter: "allowance = 'Paid' AND NOT deleted");

            migrationBuilder.CreateIndex(
                name: "ix_claim_days_day",
                table: "claim_days",
                column: "day");

            migrationBuilder.CreateIndex(
                name: "ix_like_rings_members",
                table: "like_rings",
                column: "members",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_likes_liked_at",
                table: "likes",
                column: "liked_at");

            migrationBuilder.CreateIndex(
                name: "ix_likes_uncounted",
                table: "likes",
                column: "counts_from",
                filter: "NOT counted");

            migrationBuilder.CreateIndex(
                name: "ix_likes_user",
                table: "likes",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_moderations_track",
                table: "moderations",
                column: "generation_id");

            migrationBuilder.CreateIndex(
                name: "ix_plays_user",
                table: "plays",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_standings_order",
                table: "standings",
                columns: new[] { "timeframe", "starts_on", "sort_key" },
                filter: "sort_key IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_standings_user",
                table: "standings",
                column: "user_id");

            // What was known of finished tracks and of contributions becomes one row a track.
            migrationBuilder.Sql(
                """
                UPDATE tracks SET version = 1;
                INSERT INTO tracks AS t (generation_id, user_id, allowance, quality, title, genre, mood, tempo, key, duration_seconds, completed_at, withdrawn)
                SELECT generation_id, user_id, allowance, quality, title, genre, mood, tempo, key, duration_seconds, completed_at, withdrawn FROM creations
                ON CONFLICT (generation_id) DO UPDATE SET allowance = excluded.allowance, completed_at = excluded.completed_at, withdrawn = excluded.withdrawn;
                INSERT INTO ranking_changes (user_id) SELECT DISTINCT user_id FROM tracks WHERE contributed_at IS NOT NULL;
                DROP TABLE creations;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            throw new System.NotSupportedException("Likes, plays and claims have no place in the tables before; restore a backup instead.");
    }
}
