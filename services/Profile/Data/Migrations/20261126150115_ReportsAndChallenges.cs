using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Son1kVers3.Profile.Data.Migrations
{
    /// <inheritdoc />
    public partial class ReportsAndChallenges : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "hidden_at",
                table: "comments",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "challenges",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    description = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    opens_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    closes_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    cancel_reason = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_challenges", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "reports",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    subject_id = table.Column<Guid>(type: "uuid", nullable: false),
                    creation_id = table.Column<Guid>(type: "uuid", nullable: true),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: true),
                    excerpt = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    complaints = table.Column<int>(type: "integer", nullable: false),
                    opened_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    appeal_text = table.Column<string>(type: "text", nullable: true),
                    appealed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reports", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "challenge_entries",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    challenge_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    generation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    entered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    withdrawn = table.Column<bool>(type: "boolean", nullable: false),
                    place = table.Column<int>(type: "integer", nullable: true),
                    votes = table.Column<int>(type: "integer", nullable: true),
                    told = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_challenge_entries", x => x.id);
                    table.ForeignKey(
                        name: "fk_challenge_entries_challenges_challenge_id",
                        column: x => x.challenge_id,
                        principalTable: "challenges",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "complaints",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    report_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reporter_id = table.Column<Guid>(type: "uuid", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_complaints", x => x.id);
                    table.ForeignKey(
                        name: "fk_complaints_reports_report_id",
                        column: x => x.report_id,
                        principalTable: "reports",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "report_decisions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    report_id = table.Column<Guid>(type: "uuid", nullable: false),
                    operator_id = table.Column<Guid>(type: "uuid", nullable: false),
                    action = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_report_decisions", x => x.id);
                    table.ForeignKey(
                        name: "fk_report_decisions_reports_report_id",
                        column: x => x.report_id,
                        principalTable: "reports",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "withheld_profiles",
                columns: table => new
                {
                    report_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    display_name = table.Column<string>(type: "text", nullable: false),
                    bio = table.Column<string>(type: "text", nullable: true),
                    links = table.Column<string[]>(type: "text[]", nullable: false),
                    avatar_version = table.Column<string>(type: "text", nullable: true),
                    large_avatar = table.Column<byte[]>(type: "bytea", nullable: true),
                    small_avatar = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_withheld_profiles", x => x.report_id);
                    table.ForeignKey(
                        name: "fk_withheld_profiles_reports_report_id",
                        column: x => x.report_id,
                        principalTable: "reports",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "challenge_votes",
                columns: table => new
                {
                    challenge_id = table.Column<Guid>(type: "uuid", nullable: false),
                    voter_id = table.Column<Guid>(type: "uuid", nullable: false),
                    entry_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_challenge_votes", x => new { x.challenge_id, x.voter_id });
                    table.ForeignKey(
                        name: "fk_challenge_votes_challenge_entries_entry_id",
                        column: x => x.entry_id,
                        principalTable: "challenge_entries",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_challenge_entries_account_id",
                table: "challenge_entries",
                column: "account_id");

            migrationBuilder.CreateIndex(
                name: "ix_challenge_entries_generation_id",
                table: "challenge_entries",
                column: "generation_id");

            migrationBuilder.CreateIndex(
                name: "ix_challenge_entries_newest",
                table: "challenge_entries",
                columns: new[] { "challenge_id", "id" },
                filter: "NOT withdrawn");

            migrationBuilder.CreateIndex(
                name: "ix_challenge_entries_one_a_member",
                table: "challenge_entries",
                columns: new[] { "challenge_id", "account_id" },
                unique: true,
                filter: "NOT withdrawn");

            migrationBuilder.CreateIndex(
                name: "ix_challenge_entries_places",
                table: "challenge_entries",
                columns: new[] { "challenge_id", "place", "id" },
                filter: "place IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_challenge_entries_to_tell",
                table: "challenge_entries",
                column: "challenge_id",
                filter: "NOT told AND NOT withdrawn");

            migrationBuilder.CreateIndex(
                name: "ix_challenge_votes_entry_id",
                table: "challenge_votes",
                column: "entry_id");

            migrationBuilder.CreateIndex(
                name: "ix_challenge_votes_voter_id",
                table: "challenge_votes",
                column: "voter_id");

            migrationBuilder.CreateIndex(
                name: "ix_challenges_in_order",
                table: "challenges",
                columns: new[] { "opens_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_challenges_to_close",
                table: "challenges",
                column: "closes_at",
                filter: "status = 'Open'");

            migrationBuilder.CreateIndex(
                name: "ix_challenges_to_open",
                table: "challenges",
                column: "opens_at",
                filter: "status = 'Scheduled'");

            migrationBuilder.CreateIndex(
                name: "ix_complaints_report",
                table: "complaints",
                columns: new[] { "report_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_complaints_reporter",
                table: "complaints",
                columns: new[] { "reporter_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_complaints_reporter_of_report",
                table: "complaints",
                columns: new[] { "report_id", "reporter_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_report_decisions_report",
                table: "report_decisions",
                columns: new[] { "report_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_reports_open",
                table: "reports",
                columns: new[] { "kind", "subject_id" },
                unique: true,
                filter: "status = 'Open'");

            migrationBuilder.CreateIndex(
                name: "ix_reports_owner",
                table: "reports",
                columns: new[] { "owner_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_reports_status",
                table: "reports",
                columns: new[] { "status", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_reports_subject",
                table: "reports",
                columns: new[] { "kind", "subject_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_withheld_profiles_account_id",
                table: "withheld_profiles",
                column: "account_id");

            migrationBuilder.Sql(MigrationSql.Of("Challenges"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP TRIGGER challenge_withdraw_changed ON tracks; DROP TRIGGER challenge_withdraw_deleted ON tracks; DROP FUNCTION challenge_withdraw();");

            migrationBuilder.DropTable(
                name: "challenge_votes");

            migrationBuilder.DropTable(
                name: "complaints");

            migrationBuilder.DropTable(
                name: "report_decisions");

            migrationBuilder.DropTable(
                name: "withheld_profiles");

            migrationBuilder.DropTable(
                name: "challenge_entries");

            migrationBuilder.DropTable(
                name: "reports");

            migrationBuilder.DropTable(
                name: "challenges");

            migrationBuilder.DropColumn(
                name: "hidden_at",
                table: "comments");
        }
    }
}
