#include "support/postgres_server.hpp"

#include <cstdlib>
#include <stdexcept>

#include <libpq-fe.h>
#include <unistd.h>

namespace tti::test {

PostgresServer& PostgresServer::instance() {
    static PostgresServer server;
    return server;
}

PostgresServer::PostgresServer() {
    if (const char* external = std::getenv("TTI_TEST_POSTGRES"); external != nullptr && *external != '\0') {
        external_uri_ = external;
        return;
    }
    folder_ = make_folder("tti-postgres-");
    process_ = std::make_unique<PostgresProcess>(folder_);
}

PostgresServer::~PostgresServer() {
    const bool keep = std::getenv("TTI_TEST_KEEP") != nullptr;
    if (process_) {
        process_->end();
    }
    if (keep) {
        return;
    }
    if (process_) {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
        return;
    }
    for (const std::string& database : databases_) {
        try {
            administer("DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
        } catch (const std::runtime_error&) {
            // Its owner can still drop it.
        }
    }
}

std::string PostgresServer::create_database() {
    const std::string name = "test_" + std::to_string(getpid()) + "_" + std::to_string(databases_.size() + 1);
    administer("CREATE DATABASE " + name);
    databases_.push_back(name);
    return uri(name);
}

std::string PostgresServer::uri(const std::string& database) const {
    if (process_) {
        return process_->uri(database);
    }
    const std::size_t query = std::min(external_uri_.find('?'), external_uri_.size());
    const std::size_t path = std::min(external_uri_.find('/', external_uri_.find("://") + 3), query);
    return external_uri_.substr(0, path) + "/" + database + external_uri_.substr(query);
}

void PostgresServer::administer(const std::string& sql) const {
    const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(uri("postgres").c_str()),
                                                                  &PQfinish);
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), sql.c_str()),
                                                               &PQclear);
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
        throw std::runtime_error(sql + ": " + PQerrorMessage(connection.get()));
    }
}

}  // namespace tti::test
